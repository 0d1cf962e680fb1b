Feature: Data

  Scenario: A typo in the words
    Given dataset accounts
    Then missing rat of income is at most 5%

  Scenario: Nothing like it
    Given dataset accounts
    Then the moon is made of green cheese
