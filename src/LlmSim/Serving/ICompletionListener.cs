using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>Whoever has to know at once that a request is done, because what comes next depends on it.</summary>
internal interface ICompletionListener
{
    /// <summary>A request emitted its last token, or was refused by the engine. Calls come in order of time.</summary>
    /// <param name="id">The request's number.</param>
    /// <param name="finish">When.</param>
    /// <param name="isAnswered">False when it was refused.</param>
    /// <returns>Whether another actor must get its turn before the engine goes on.</returns>
    bool Completed(long id, SimTime finish, bool isAnswered);
}
