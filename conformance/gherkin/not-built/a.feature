Feature: Training
  Scenario: Later
    Given model champion on test
    Then training is reproducible within 0.001
    And canary recall is not worse than live with 95% confidence
