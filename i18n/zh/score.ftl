### score
