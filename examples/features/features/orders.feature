Feature: Orders are what they are documented to be

  Background:
    Given dataset orders from data/orders.csv

  @R-1
  Rule: Every order can be delivered

    Scenario Outline: <country> writes its postcodes so
      Then rows satisfy country != "<country>" || postcode.matches("<pattern>")

      Examples:
        | country | pattern            |
        | DE      | ^[0-9]{5}$         |
        | FR      | ^[0-9]{5}$         |
        | JP      | ^[0-9]{3}-[0-9]{4}$ |

    @id:countries-served
    Scenario: We deliver to three countries
      Then values of country are:
        | Germany |
        | France  |
        | Japan   |

  Scenario: There is enough to learn from
    Then row count is at least 300
    And missing rate of discount is at most 20%

  @severity:warn
  Scenario: Returns are what they were
    The shop has seen between 5 and 20 of 100 orders come back.
    Then class true makes up between 5% and 20% of rows

  Scenario: Prices are plausible
    Then an item costs between 5 and 100
