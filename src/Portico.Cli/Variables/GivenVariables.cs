using Portico.Cli.Hosting;

namespace Portico.Cli.Variables;

/// <summary>The variables of <c>env set</c>: <c>KEY=VALUE</c>, or <c>KEY</c> alone for a value that is not on the command line.</summary>
internal static class GivenVariables
{
    /// <exception cref="CliException">A key is invalid, or there is no value for it.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(CliHost host, IEnumerable<string> given, CancellationToken cancellationToken)
    {
        var variables = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? text : text[..equals];
            if (VariableKey.ProblemOf(key) is { } problem)
                throw new CliException($"An argument does not begin with a valid name: {problem}.", "Write KEY=VALUE, or KEY to be asked for the value.", ExitCode.Usage);
            variables[key] = equals < 0 ? await AskAsync(host, key, cancellationToken) : text[(equals + 1)..];
        }
        return variables;
    }

    /// <summary>Asks without an echo, or reads a line of standard input.</summary>
    private static async Task<string> AskAsync(CliHost host, string key, CancellationToken cancellationToken)
    {
        if (host.CanAsk)
            host.Error.Write($"{key} (not shown as you type): ");
        var value = await CliHost.AskAsync(host.InIsTerminal ? host.ReadHidden : host.ReadLine, cancellationToken);
        if (host.CanAsk)
            host.Error.WriteLine();
        return value ?? throw new CliException($"There is no value for {key}.", $"Write {key}=VALUE, or pass the value on standard input.", ExitCode.Usage);
    }
}
