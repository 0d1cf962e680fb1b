/** What the name of a column suggests; a suggestion is written as a comment, never as a declaration. */
export interface RoleHints {
  readonly label: boolean
  readonly split: boolean
  readonly protected: boolean
}

const LABELS = new Set(['target', 'label', 'y', 'class', 'outcome', 'response', 'churn', 'churned', 'survived'])
const SPLITS = new Set(['split', 'fold', 'is_test', 'is_train', 'is_valid', 'is_validation', 'subset'])

/** Attributes that equal-treatment law commonly names (EU Charter of Fundamental Rights, article 21), as column names have them. */
const PROTECTED = new Set(
  ['sex', 'gender', 'male', 'female', 'race', 'racial', 'ethnicity', 'ethnic', 'color', 'colour', 'religion'].concat(
    ['nationality', 'citizenship', 'foreign', 'disability', 'disabled', 'age', 'pregnant', 'marital', 'marriage'],
    ['orientation', 'birth', 'birthdate', 'dob', 'political', 'union', 'minority', 'immigrant'],
  ),
)

/** Reads the words of a column name: `personal_status_sex`, `isForeignWorker`. */
export function roleHints(name: string): RoleHints {
  const plain = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  const words = plain.split('_')
  return {
    label: LABELS.has(plain),
    split: SPLITS.has(plain),
    protected: words.some((word) => PROTECTED.has(word)),
  }
}
