Feature: Below
  Scenario: Tables and texts
    Given dataset accounts
      | a |
    Then row count is at least 10
      """
      text
      """
    And values of sex are:
    And values of sex are:
      | male | female |
    And rows satisfy:
      | age > 1 |
