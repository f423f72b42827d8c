using System.Globalization;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;
using nietras.SeparatedValues;

namespace LlmSim.Validation;

/// <summary>Reads <c>timeseries.csv</c> of a run folder: what the server's own gauges said over time.</summary>
internal static class LoadTable
{
    private const string KvColumn = "kv_cache_pct";
    private const double MostSeconds = 9e9;
    private const double MostRequests = 1e9;

    private static readonly string[] Required = ["t", "running", "waiting"];

    /// <summary>The moments from the first arrival on.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">The first arrival, in seconds of the same clock.</param>
    /// <param name="problems">What is wrong, by line; the first of it.</param>
    /// <param name="notes">What is in it that is not compared.</param>
    public static List<LoadPoint> Read(string path, decimal origin, List<ConfigProblem> problems, List<string> notes)
    {
        var points = new List<LoadPoint>();
        var columns = new Dictionary<string, int>();
        long line = 0;
        int before = problems.Count;
        try
        {
            using TextReader text = TraceFile.Open(path, path);
            using SepReader reader = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true, Unescape = true }).From(text);
            double latest = double.NegativeInfinity;
            foreach (SepReader.Row row in reader)
            {
                line = row.LineNumberToExcl - 1;
                if (columns.Count == 0)
                {
                    ReadHeader(path, line, row, columns);
                }
                else if (row.ColCount != columns.Count && !(row.ColCount == 1 && row.Span.IsWhiteSpace()))
                {
                    problems.Add(TraceProblems.FieldCount(path, line, row.ColCount, columns.Count, row.Span));
                }
                else if (row.ColCount > 1)
                {
                    double? kv = columns.ContainsKey(KvColumn) ? Number(row, KvColumn, 100) / 100 : null;
                    double at = Number(row, "t", MostSeconds);
                    if (at < latest)
                    {
                        problems.Add(new ConfigProblem($"{path}:{line} t", row[columns["t"]].ToString(), "not before the line above", "Sort the lines by t."));
                    }

                    latest = Math.Max(latest, at);
                    var point = new LoadPoint(SimTime.FromSeconds(latest - (double)origin), Number(row, "running", MostRequests), Number(row, "waiting", MostRequests), kv);
                    if (point.At >= default(SimTime))
                    {
                        points.Add(point);
                    }
                }

                if (problems.Count - before >= TraceSummary.MostProblems)
                {
                    break;
                }
            }
        }
        catch (ConfigException e)
        {
            problems.AddRange(e.Problems);
        }
        catch (Exception e) when (TraceReader.IsBrokenData(e))
        {
            problems.Add(TraceProblems.BrokenData(path, line, e));
        }

        return WithoutDeadGauge(points, notes);

        double Number(SepReader.Row row, string column, double most)
        {
            string text = row[columns[column]].ToString().Trim();
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && value <= most)
            {
                return value;
            }

            problems.Add(TraceProblems.Value(path, line, column, text, string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {most:0}")));
            return 0;
        }
    }

    // Some versions of vLLM report no use of the cache however many requests run.
    private static List<LoadPoint> WithoutDeadGauge(List<LoadPoint> points, List<string> notes)
    {
        if (!points.Any(point => point.KvUse is not null) || points.Any(point => point.KvUse > 0) || !points.Any(point => point.Running > 0))
        {
            return points;
        }

        notes.Add($"{KvColumn} is 0 throughout although requests ran: it was not measured");
        return [.. points.Select(point => point with { KvUse = null })];
    }

    private static void ReadHeader(string path, long line, SepReader.Row row, Dictionary<string, int> columns)
    {
        for (int i = 0; i < row.ColCount; i++)
        {
            columns[row[i].ToString().Trim()] = i;
        }

        if (Required.Any(name => !columns.ContainsKey(name)))
        {
            throw new ConfigException(new ConfigProblem($"{path}:{line} header", row.Span.ToString(), $"columns {string.Join(", ", Required)} as well",
                "Add or rename the columns, or remove the file, which is not needed."));
        }
    }
}
