namespace LlmSim.Planning.Plans;

/// <summary>What became of the deployments of a plan's space.</summary>
/// <param name="All">How many there are.</param>
/// <param name="DoNotFit">Of these, how many do not fit in memory, or the engine refuses.</param>
/// <param name="RuledOut">How many cannot keep the objectives even if nothing but the work itself took time.</param>
/// <param name="CutShort">How many were simulated until it was certain that they miss an objective, or that a cheaper one is as fast.</param>
/// <param name="Simulated">How many were simulated to the end.</param>
public sealed record PlanCounts(int All, int DoNotFit, int RuledOut, int CutShort, int Simulated);
