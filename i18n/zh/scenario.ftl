### Scenario
