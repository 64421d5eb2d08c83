using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>What a scenario has sent, and all that was wrong with the answers.</summary>
internal sealed class ConformanceReport
{
    private readonly HashSet<string> _operations = [];
    private readonly List<string> _problems = [];
    private readonly List<Call> _succeeded = [];

    /// <summary>The operations that succeeded at least once.</summary>
    public IReadOnlySet<string> Operations => _operations;

    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlyList<Call> Succeeded => _succeeded;

    public int Responses { get; private set; }

    public void Record(Call call, Answer answer, IEnumerable<string> problems)
    {
        Responses++;
        if (answer.Status < 400)
        {
            _operations.Add(call.Operation.Id);
            _succeeded.Add(call);
        }
        foreach (var problem in problems)
            Complain(call, problem);
    }

    /// <param name="by">Null for the owner.</param>
    public void Complain(Call call, string problem, Someone? by = null)
    {
        const int most = 200;
        var request = call.ToString();
        _problems.Add($"{call.Operation.Id}{(by is null ? "" : $" by {by}")}: {(request.Length <= most ? request : $"{request[..most]}…")}\n    {problem}");
    }
}
