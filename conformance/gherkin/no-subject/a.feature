Feature: Of what?
  Scenario: Two datasets
    Then row count is at least 10
    And recall difference across sex is at most 0.1
