using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>Whoever has to know at once that a request is done, because what comes next depends on it.</summary>
internal interface ICompletionListener
{
    /// <summary>A request emitted its last token. Calls come in order of time.</summary>
    /// <param name="id">The request's number.</param>
    /// <param name="finish">When.</param>
    /// <returns>Whether another actor must get its turn before the engine goes on.</returns>
    bool Completed(long id, SimTime finish);
}
