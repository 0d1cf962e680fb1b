Feature: Ranking
  Scenario: Ranks
    Given model champion on test
    Then rocauc on test is at least 0.7
    And recal difference across sex is at most 0.1
