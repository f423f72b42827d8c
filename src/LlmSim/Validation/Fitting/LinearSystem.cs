namespace LlmSim.Validation.Fitting;

/// <summary>Small symmetric systems of linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>The inverse of a positive definite matrix, by Gauss and Jordan; null when it has none to speak of.</summary>
    public static double[,]? Invert(double[,] matrix)
    {
        const double Singular = 1e-12;
        int n = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone();
        double[,] inverse = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            inverse[i, i] = 1;
        }

        for (int column = 0; column < n; column++)
        {
            double pivot = a[column, column];
            if (!(pivot > Singular * matrix[column, column]))
            {
                return null;
            }

            for (int j = 0; j < n; j++)
            {
                a[column, j] /= pivot;
                inverse[column, j] /= pivot;
            }

            for (int row = 0; row < n; row++)
            {
                double factor = a[row, column];
                for (int j = 0; row != column && j < n; j++)
                {
                    a[row, j] -= factor * a[column, j];
                    inverse[row, j] -= factor * inverse[column, j];
                }
            }
        }

        return inverse;
    }
}
