namespace Portico.Testing;

/// <summary>How much the tests do.</summary>
public static class TestExtent
{
    /// <summary>Whether they do all that they can, as with <c>./test --all</c>, and not only what fits into a run after each change.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("PORTICO_CRASH_CALLS") == "all";
}
