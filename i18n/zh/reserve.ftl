### reserve
