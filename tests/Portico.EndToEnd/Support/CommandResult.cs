namespace Portico.EndToEnd.Support;

/// <summary>How a command ended, and what it printed.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>Both streams, for looking for a message.</summary>
    public string Text => Output + Error;

    public CommandResult ShouldSucceed()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>Refused with every one of these words, and without the trace of an exception.</summary>
    public CommandResult ShouldFailSaying(params string[] words)
    {
        Assert.True(ExitCode is > 0 and < 128, ToString());
        var missing = words.Where(word => !Text.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.True(missing.Count == 0, $"Missing: {string.Join(", ", missing)}\n{this}");
        Assert.DoesNotContain("   at Portico.", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", Text, StringComparison.OrdinalIgnoreCase);
        return this;
    }

    public override string ToString() => $"{Command} → {ExitCode} after {Elapsed.TotalSeconds:0.0} s\n{Output}\n{Error}";
}
