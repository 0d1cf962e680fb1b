Feature: Ids
  Background:
    Given dataset accounts

  Scenario: Rows
    Then row count is at least 10

  Scenario: Rows
    Then row count is at least 20

  @id:has-rows
  Scenario: As in the spec
    Then row count is at least 20
