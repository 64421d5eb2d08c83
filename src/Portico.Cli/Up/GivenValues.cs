using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Up;

/// <summary>Values for <c>sync: false</c> variables: from <c>--set</c>, or asked for.</summary>
internal static class GivenValues
{
    /// <exception cref="CliException">One is not <c>KEY=VALUE</c>.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> settings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            // The value may be a secret given without its name: it is not repeated.
            if (equals <= 0)
                throw new CliException(
                    "A value for --set has no name.", "Write --set KEY=VALUE, or --set SERVICE.KEY=VALUE where services differ.", ExitCode.Usage);
            values[setting[..equals]] = setting[(equals + 1)..];
        }
        return values;
    }

    /// <summary>Asks for each; the answers are not shown, because most of these are secrets.</summary>
    /// <exception cref="CliException">Nobody can be asked.</exception>
    public static async Task AskAsync(
        CliHost host, bool mayAsk, IReadOnlyList<RequiredValue> required, Dictionary<string, string> values,
        CancellationToken cancellationToken)
    {
        if (!mayAsk || !host.CanAsk)
            throw Missing(required);
        host.Error.WriteLine("The Blueprint asks for these values (sync: false). They are not shown as you type, and kept from now on.");
        foreach (var item in required)
        {
            host.Error.Write($"  {host.ErrorStyle.Bold($"{item.Resource}.{item.Key}")}: ");
            var value = await CliHost.AskAsync(host.ReadHidden, cancellationToken) ?? throw Missing(required);
            host.Error.WriteLine();
            values[$"{item.Resource}.{item.Key}"] = value;
        }
    }

    private static CliException Missing(IReadOnlyList<RequiredValue> required) => new(
        required.Count == 1 ? "The Blueprint asks for a value that is missing." : $"The Blueprint asks for {required.Count} values that are missing.",
        $"Add {string.Join(' ', required.Select(item => $"--set {item.Resource}.{item.Key}=…"))}", ExitCode.Usage)
    {
        Details = [.. required.Select(item => $"{item.Resource}.{item.Key} (sync: false)")],
    };
}
