/** The version all packages share; a test holds it equal to package.json. */
export const TOOL_VERSION = '0.1.0'
