using System.Text;
using Portico.Blueprint;
using Portico.Blueprint.Model;
using Portico.Core.Detection;
using Portico.Core.Services;
using Portico.Hosting;

namespace Portico.Cli.Detection;

/// <summary>Writes what was detected as a render.yaml, with the reason for each value above it.</summary>
internal static class ProposedBlueprint
{
    private const string Head =
        "# Portico proposed this file from the files of the project. Every value is a guess, and its reason is above it.\n"
        + "# Check and change it, then deploy it with `portico up`.\n";

    private const string ServiceIndent = "  ", FieldIndent = "    ", VariableIndent = "      ";

    public static string Write(IReadOnlyList<ServiceProposal> services)
    {
        var plain = BlueprintWriter.Write(new BlueprintFile
        {
            Resources = new ResourceLists
            {
                Services = services.Select(Service).ToValueList(),
                Databases = services.Any(service => service.NeedsDatabase)
                    ? services.Where(service => service.NeedsDatabase).Select(service => new DatabaseSpec { Name = service.DatabaseName }).ToValueList()
                    : null,
            },
        });
        return Head + Explain(plain, services);
    }

    private static ServiceSpec Service(ServiceProposal proposal) => new()
    {
        Kind = proposal.Type switch
        {
            ServiceType.StaticSite => ServiceKind.StaticSite,
            ServiceType.BackgroundWorker => ServiceKind.BackgroundWorker,
            _ => ServiceKind.WebService,
        },
        Name = proposal.Name,
        Runtime = proposal.Runtime.Value,
        RootDir = proposal.RootDirectory?.Value,
        BuildCommand = proposal.BuildCommand?.Value,
        StartCommand = proposal.StartCommand?.Value,
        StaticPublishPath = proposal.PublishPath?.Value,
        HealthCheckPath = proposal.HealthCheckPath?.Value,
        DockerfilePath = proposal.DockerfilePath?.Value,
        Routes = proposal.FallbackPage is { } page ? [new RouteSpec(RouteKind.Rewrite, "/*", page.Value)] : null,
        EnvVars = proposal.Variables.Count == 0
            ? null
            : proposal.Variables.Select(variable => (EnvEntry)new EnvVar(variable.Key, Value(variable, proposal.DatabaseName))).ToValueList(),
    };

    private static EnvValue Value(VariableProposal variable, string database) => variable.Source switch
    {
        VariableSource.Generated => new GeneratedValue(),
        VariableSource.Prompted => new PromptedValue(null),
        VariableSource.Database => new DatabaseReference(database, "connectionString"),
        _ => new LiteralValue(variable.Value ?? ""),
    };

    /// <summary>Adds the reasons. The writer puts each field of a service on a line of its own, at an indent that nothing else has.</summary>
    private static string Explain(string plain, IReadOnlyList<ServiceProposal> services)
    {
        var text = new StringBuilder();
        var (isServices, service, variable) = (false, -1, 0);
        foreach (var line in plain.TrimEnd('\n').Split('\n'))
        {
            if (line.Length > 0 && line[0] != ' ')
                isServices = line.StartsWith("services:", StringComparison.Ordinal);
            if (isServices && line.StartsWith(ServiceIndent + "- ", StringComparison.Ordinal))
            {
                (service, variable) = (service + 1, 0);
                AddHead(text, services[service]);
            }
            else if (isServices && line.StartsWith(VariableIndent + "- key:", StringComparison.Ordinal))
            {
                Add(text, VariableIndent, services[service].Variables[variable++].Reason);
            }
            else if (isServices && line.StartsWith(FieldIndent, StringComparison.Ordinal) && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
                && ReasonFor(services[service], line[FieldIndent.Length..colon]) is { } reason)
            {
                Add(text, FieldIndent, reason);
            }
            text.Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static void AddHead(StringBuilder text, ServiceProposal service)
    {
        Add(text, ServiceIndent, $"{service.Framework}: {service.Runtime.Reason}");
        foreach (var note in service.Notes)
            Add(text, ServiceIndent, $"Note: {note}");
    }

    private static void Add(StringBuilder text, string indent, string reason) => text.Append(indent).Append("# ").Append(TerminalText.Line(reason)).Append('\n');

    private static string? ReasonFor(ServiceProposal service, string field) => field switch
    {
        "rootDir" => service.RootDirectory?.Reason,
        "buildCommand" => service.BuildCommand?.Reason,
        "startCommand" => service.StartCommand?.Reason,
        "staticPublishPath" => service.PublishPath?.Reason,
        "healthCheckPath" => service.HealthCheckPath?.Reason,
        "dockerfilePath" => service.DockerfilePath?.Reason,
        "routes" => service.FallbackPage?.Reason,
        _ => null,
    };
}
