Feature: Outlines
  Background:
    Given dataset accounts

  Scenario Outline: Without rows <column>
    Then column <column> is never missing

    Examples:
      | column |

  Scenario Outline: Present <column>
    Then column <column> is never missing

    Examples:
      | column |

    Examples: these
      | column |
      | age    |
