Feature: Types
  Scenario: Typed as YAML is
    Given dataset accounts
    Then rows satisfy age < "old"
    And rows satisfy:
      """
      age > 18
        && incom > 0.0
      """
    And iban matches pattern /[/
