using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Up;

/// <summary>Decides what <c>up</c> does about resources that cannot run here: it asks, or needs <c>--skip</c>.</summary>
internal static class SkippedResources
{
    /// <returns>The resources that the user agrees to skip; null when he does not.</returns>
    /// <exception cref="CliException">There is no terminal to ask on.</exception>
    public static async Task<IReadOnlyList<string>?> AskAsync(CliHost host, bool mayAsk, BlueprintResult result, CancellationToken cancellationToken)
    {
        string[] names = [.. result.LeftOut.Where(item => !item.Skipped).Select(item => item.Name).Distinct(StringComparer.Ordinal)];
        if (!mayAsk || !host.CanAsk)
            throw new CliException(
                names.Length == 1 ? $"'{names[0]}' cannot run here. Nothing was changed." : $"These cannot run here: {string.Join(", ", names)}. Nothing was changed.",
                $"Deploy the rest with {string.Join(' ', names.Select(name => $"--skip {name}"))}, or change what is reported above.", ExitCode.Usage);
        host.Error.Write($"Deploy the rest without {host.ErrorStyle.Bold(TerminalText.Line(string.Join(", ", names)))}? [y/N] ");
        var answer = (await CliHost.AskAsync(host.ReadLine, cancellationToken))?.Trim();
        return answer?.ToUpperInvariant() is "Y" or "YES" ? names : null;
    }

    /// <summary>Shows what was left out, as the last thing before the result: it would be missed otherwise.</summary>
    public static void Write(CliHost host, IEnumerable<(string Name, string Reason)> skipped)
    {
        foreach (var (name, reason) in skipped)
            host.Error.WriteLine($"{host.ErrorStyle.Yellow("skipped:")} {TerminalText.Line(name)}: {TerminalText.Line(reason)}");
    }
}
