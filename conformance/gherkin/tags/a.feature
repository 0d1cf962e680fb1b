@id:all
Feature: Tags
  @severity:wran @R-2 @smoke @mostly:120% @id:1st @owner:
  Scenario: Mistyped
    Given dataset accounts
    Then rows satisfy age > 1

  @R-1 @x-mine @missing:pass @mostly:99%
  Scenario: Right
    Given dataset accounts
    Then rows satisfy age > 1
