Feature: Outlines

  Scenario Outline: A header with a typo
    Given model champion on test
    Then <metric> is at least <floor>

    Examples:
      | metric | flor |
      | recall | 0.2  |
      | f1     | 0.3  |

  Scenario Outline: Nothing like it
    Given dataset accounts
    Then values of <column> are between <low> and <high>

    Examples:
      | low | top |
      | 18  | 100 |

  Scenario Outline: Comparisons are no gaps
    Given dataset accounts
    Then rows satisfy age <income && id> <least>

    Examples:
      | least |
      | 0     |
