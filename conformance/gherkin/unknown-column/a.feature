Feature: Data
  Background:
    Given dataset accounts

  Scenario: Present
    Then column incme is never missing

  Scenario Outline: Rates
    Then missing rate of <column> is at most <most>

    Examples:
      | column | most |
      | age    | 5%   |
      | agee   | 5%   |
