using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

/// <summary>The NAME of a service or data store, completed from those that exist.</summary>
internal static class NameArgument
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Argument<string> Create(CliHost host, string description, params string[] types)
    {
        var argument = new Argument<string>("NAME") { Description = description };
        argument.CompletionSources.Add(_ => Names(host, types));
        return argument;
    }

    // A completion that fails is no completion: whoever presses Tab wants no error.
    private static List<string> Names(CliHost host, string[] types)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            using var server = ServerConnection.TryOpenAsync(host.LoadSettings().Paths, limit.Token).GetAwaiter().GetResult();
            return server is null
                ? []
                : [.. server.Status.Resources.Where(item => types.Length == 0 || types.Contains(item.Type)).Select(item => item.Name)];
        }
        catch (Exception)
        {
            return [];
        }
    }
}
