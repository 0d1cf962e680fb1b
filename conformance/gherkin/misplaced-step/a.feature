Feature: Places
  Scenario: Mixed up
    Given column age is never missing
    Then dataset accounts

  Scenario: Nothing is stated
    Given dataset accounts
