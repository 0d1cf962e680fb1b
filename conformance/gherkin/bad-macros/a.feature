Feature: x
  Scenario: y
    Given dataset accounts
    Then row count is at least 1
