Feature: One specification
  Scenario: Another file
    Given dataset accounts from data/other.csv
    Then row count is at least 10

  Scenario: Another type
    Given dataset accounts
    Then column age is of type number

  Scenario: Another name
    Given dataset acounts
    Then row count is at least 10

  Scenario: Another model
    Given model champoin
    When model champion is trained with seed 8
    Then roc_auc on tset is at least 0.7

  Scenario: No such drift
    Then when drift exceeds 0.3 then retraining is decided within 7 days
