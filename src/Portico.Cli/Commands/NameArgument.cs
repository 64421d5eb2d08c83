using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

/// <summary>Creates the NAME argument of a service or data store, with completion of existing names.</summary>
internal static class NameArgument
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static Argument<string> Create(CliHost host, string description, params string[] types)
    {
        // Without a name for the help, it would list every service in place of NAME.
        var argument = new Argument<string>("NAME") { Description = description, HelpName = "NAME" };
        argument.CompletionSources.Add(_ => Names(host, types));
        return argument;
    }

    // A failure completes nothing: a user who presses Tab must not see an error.
    private static List<string> Names(CliHost host, string[] types)
    {
        try
        {
            using var limit = new CancellationTokenSource(Timeout);
            using var server = ServerConnection.OpenAsync(host, limit.Token).GetAwaiter().GetResult();
            return [.. server.Status.Resources.Where(item => types.Length == 0 || types.Contains(item.Type)).Select(item => item.Name)];
        }
        catch (Exception)
        {
            return [];
        }
    }
}
