// The command as it is compiled: in the joined modules DuckDB's own are joined, too, so that no other can be put in their place.
import { main } from '../../packages/cli/dist/main.js'

await main(process.argv.slice(2))
