Feature: One mistake hides no other
  Scenario: A step that nobody knows, and one that is ill-typed
    Given dataset accounts
    Then column iban is nevr missing
    And rows satisfy iban > 3

  Scenario: A column that is not there
    Given dataset accounts
    Then rows satisfy agee > 18
    And values of age are between 18 and 100

  @id:adults
  Scenario: Read well
    Given dataset accounts
    Then rows satisfy age >= 18
