Feature: Macros
  Scenario: Filled wrongly
    Given dataset accounts
    Then rent is at most 50% of incom
    And rent is at most 50% of iban
