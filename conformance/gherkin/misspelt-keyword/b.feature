Feature: Data

  Scenario: One
    Given dataset accounts
    Then column age is never missing
  Scneario: Below another one
    Then column sex is never missing
