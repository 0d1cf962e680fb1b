Feature: "Quotes" & <tags>	and tabs
  Scenario:	Tabs	and 😀 \ backslashes
	Given dataset accounts
	Then rows satisfy iban != "😀 \" ' ` | {x} ${y}" && agee > 1
    And values of iban are in "a, \"b\"", 'c', {d}, <e>, 😀
    And column "no \"such\"" is never missing
    And rows satisfy "); DROP TABLE accounts; --
