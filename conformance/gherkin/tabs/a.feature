Feature: Lost
  Background:
    Givn dataset accounts

  Scenario: A tab after the keyword
    Given	dataset accounts
    Thne column age is never missing
    Then rows satisfy age > 1
      # Then rows satisfy age > 2
