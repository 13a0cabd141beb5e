### Returns
