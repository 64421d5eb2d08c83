using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>Prints what is wrong with the edge: with all requests, or with some host or port.</summary>
internal static class EdgeReport
{
    public static string? Sentence(PlatformStatus status) => status switch
    {
        { EdgeProblem: null } => null,
        { EdgeServes: true } => $"The edge serves requests, except: {status.EdgeProblem}",
        _ => $"The edge is not serving requests: {status.EdgeProblem}",
    };

    public static void Write(CliHost host, PlatformStatus status)
    {
        if (Sentence(status) is { } sentence)
            ErrorReport.Write(host, sentence, "Check the machine with `portico doctor`.", []);
    }
}
