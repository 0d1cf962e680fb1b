Feature: Broken
  Scenario: One
    Given dataset accounts
    oops
    Then row count is at least 10
      | a | b |
      | c |
