import { collections } from '../expr/functions/families/collections.ts'
import { conversions } from '../expr/functions/families/conversions.ts'
import { corruptions } from '../expr/functions/families/corruptions.ts'
import { encoders } from '../expr/functions/families/encoders.ts'
import { imageCorruptions, images } from '../expr/functions/families/images.ts'
import { math } from '../expr/functions/families/math.ts'
import { optionals } from '../expr/functions/families/optionals.ts'
import { sets } from '../expr/functions/families/sets.ts'
import { texts } from '../expr/functions/families/texts.ts'
import { times } from '../expr/functions/families/times.ts'
import { unsigned } from '../expr/functions/families/unsigned.ts'
import { allUnsupported, unsupported } from './unsupported.ts'

/** The answer of a target for every function beyond those of cells, to be overridden by those that it can express. */
export const uncompiled = {
  ...allUnsupported(unsigned, 'unsigned integers and octets are not compiled'),
  ...allUnsupported(conversions, 'this conversion is not compiled'),
  ...allUnsupported(texts, 'this function of texts is not compiled'),
  is_json: unsupported('nothing there tells whether a text is JSON by its grammar'),
  ...allUnsupported(math, 'this function of numbers is not compiled'),
  ...allUnsupported(
    times,
    'the rules of time zones change from one database to another: only a fixed shift, (t + duration("2h")).getHours(), is the same for all',
  ),
  ...allUnsupported(collections, 'lists and maps are not compiled as values'),
  ...allUnsupported(sets, 'lists as sets are not compiled'),
  ...allUnsupported(encoders, 'encodings are not compiled'),
  ...allUnsupported(
    corruptions,
    'corruptions are for the inputs of a model (`let` of a `forall`), where the evaluator makes them',
  ),
  ...allUnsupported(images, 'images are files beside the data, which are read where DuckDB asks about rows'),
  ...allUnsupported(
    imageCorruptions,
    'corruptions are for the inputs of a model (`let` of a `forall`), where the evaluator makes them',
  ),
  ...allUnsupported(optionals, 'optionals are not compiled'),
}
