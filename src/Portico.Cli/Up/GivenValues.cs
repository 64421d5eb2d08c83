using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Up;

/// <summary>Values of variables: from options, or typed by the user.</summary>
internal static class GivenValues
{
    /// <param name="option">The option that sets them.</param>
    /// <exception cref="CliException">An option is not <c>KEY=VALUE</c>.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> settings, string option = "--set")
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            // The text may be a secret without a name, so do not print it.
            if (equals <= 0)
                throw new CliException(
                    equals == 0 ? $"A {option} option has no variable name before '='." : $"A {option} option has no '=', so it sets no value.",
                    option == "--set" ? "Write --set KEY=VALUE, or --set SERVICE.KEY=VALUE for one service only." : $"Write {option} KEY=VALUE.", ExitCode.Usage);
            values[setting[..equals]] = setting[(equals + 1)..];
        }
        return values;
    }

    /// <summary>Asks for each value. The answers are not echoed, because most of them are secrets.</summary>
    /// <exception cref="CliException">There is no terminal to ask on.</exception>
    public static async Task AskAsync(
        CliHost host, bool mayAsk, IReadOnlyList<RequiredValue> required, Dictionary<string, string> values,
        CancellationToken cancellationToken)
    {
        if (!mayAsk || !host.CanAsk)
            throw Missing(required);
        host.Error.WriteLine("The Blueprint needs these values (sync: false). They are not shown as you type. Portico stores them and does not ask again.");
        foreach (var item in required)
        {
            host.Error.Write($"  {host.ErrorStyle.Bold($"{item.Resource}.{item.Key}")}: ");
            var value = await CliHost.AskAsync(host.ReadHidden, cancellationToken) ?? throw Missing(required);
            host.Error.WriteLine();
            values[$"{item.Resource}.{item.Key}"] = value;
        }
    }

    private static CliException Missing(IReadOnlyList<RequiredValue> required) => new(
        required.Count == 1 ? "The Blueprint needs a value that is missing (sync: false)." : $"The Blueprint needs {required.Count} values that are missing (sync: false).",
        $"Add {string.Join(' ', required.Select(item => $"--set {item.Resource}.{item.Key}=…"))}", ExitCode.Usage)
    {
        Details = [.. required.Select(item => $"{item.Resource}.{item.Key} (sync: false)")],
    };
}
