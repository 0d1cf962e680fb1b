Feature: Arguments
  Background:
    Given dataset accounts

  Scenario: Not of their kind
    Then missing rate of income is lots
    And values of sex are in male, femal
    And values of age are between 18 and many
    And data in column age matches pattern
    And prediction distribution drift versus test is below 0.1 over 3 moons
    And column age is never missing with 99% confidence
    And at least 120% of rows satisfy age > 1

  Scenario: A bound the wrong way
    Given model champion on test
    Then worst-slice roc_auc over sex is at most 0.9
    And equalized odds gap across sex is at least 0.1
