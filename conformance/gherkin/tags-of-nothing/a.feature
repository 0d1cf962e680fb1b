Feature: Tags
  @slice:yuong @by:sexx @meets:R-9
  Scenario: Names of nothing
    Given dataset accounts
    Then rows satisfy age > 1

  @of:acounts
  Scenario: Asked of nothing
    Then rows satisfy age > 1

  @confidence:95%
  Scenario: Of no meaning here
    Given dataset accounts
    Then rows satisfy age > 1
