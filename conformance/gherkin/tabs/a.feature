Feature: Lost
  Scenario: A tab after the keyword
    Given	dataset accounts
    Thne column age is never missing
    Then rows satisfy age > 1
