using System.Globalization;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Platform;

/// <summary>What is wrong with the edge, for people.</summary>
/// <param name="Text">Null when nothing is.</param>
/// <param name="Serves">Whether requests are served, so that the text names what is not.</param>
internal readonly record struct EdgeProblem(string? Text, bool Serves)
{
    private const string PublicPort = "public port";

    /// <param name="said">The edge's last status.</param>
    /// <param name="port">The platform's port.</param>
    public static EdgeProblem Of(EdgeStatus said, int port)
    {
        if (!said.IsAccepting)
        {
            var failure = said.FailingLoops.FirstOrDefault(loop => loop.Loop == PublicPort)?.Message ?? "it accepts no connections";
            return new EdgeProblem(string.Create(CultureInfo.InvariantCulture, $"port {port}: {failure}"), Serves: false);
        }
        string[] problems = [.. said.Refused is { } refused ? new[] { $"the newest routes, so the earlier ones are in effect: {refused}" } : [], .. said.Problems];
        return new EdgeProblem(problems.Length > 0 ? string.Join("; ", problems) : null, Serves: true);
    }
}
