using System.Collections.Concurrent;

namespace Portico.RenderApi.Tests.Fuzz;

internal sealed class FuzzTally
{
    private const int MostProblems = 15;
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);
    private int _found;

    /// <summary>The first of each kind.</summary>
    public IReadOnlyCollection<string> Problems => [.. _problems.Values];

    public void Count(int status) => _statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);

    /// <param name="kind">Problems of one kind are told once.</param>
    public void Complain(string kind, string problem)
    {
        Interlocked.Increment(ref _found);
        if (_problems.Count < MostProblems)
            _problems.TryAdd(kind, problem);
    }

    public override string ToString() =>
        $"{_statuses.Values.Sum()} requests ({string.Join(", ", _statuses.OrderBy(item => item.Key).Select(item => $"{item.Value} × {item.Key}"))}), {_found} problems";
}
