using Portico.Cli.Hosting;
using Portico.Core.Detection;
using Portico.Core.Services;
using Portico.Hosting;

namespace Portico.Cli.Detection;

/// <summary>Shows what was detected, with the reasons.</summary>
internal static class ProposalText
{
    private const int FieldWidth = 8;

    public static void Write(TextWriter output, Style style, IReadOnlyList<ServiceProposal> services)
    {
        foreach (var service in services)
        {
            output.WriteLine($"{style.Bold(service.Name)}: {service.Framework}, {Kind(service)} ({TerminalText.Line(service.Runtime.Reason)})");
            Write(output, style, "in", service.RootDirectory);
            Write(output, style, "build", service.BuildCommand);
            Write(output, style, "start", service.StartCommand);
            Write(output, style, "publish", service.PublishPath);
            Write(output, style, "health", service.HealthCheckPath);
            Write(output, style, "routes", service.FallbackPage is { } page ? page with { Value = $"/* → {page.Value}" } : null);
            foreach (var variable in service.Variables)
                Write(output, style, "variable", new Guess(variable.Key + Value(variable, service), variable.Reason));
            foreach (var note in service.Notes)
                output.WriteLine($"  {style.Yellow("note:")} {TerminalText.Line(note)}");
        }
    }

    private static void Write(TextWriter output, Style style, string field, Guess? guess)
    {
        if (guess is not null)
            output.WriteLine($"  {field.PadRight(FieldWidth)} {TerminalText.Line(guess.Value)}  {style.Dim($"# {TerminalText.Line(guess.Reason)}")}");
    }

    private static string Kind(ServiceProposal service) => service.Type == ServiceType.StaticSite
        ? "a static site"
        : $"a {service.Type.Name().Replace('_', ' ')} with the runtime {service.Runtime.Value}";

    private static string Value(VariableProposal variable, ServiceProposal service) => variable.Source switch
    {
        VariableSource.Generated => " (generated)",
        VariableSource.Prompted => " (asked for once)",
        VariableSource.Database => $" (the database {service.DatabaseName})",
        _ => $"={variable.Value}",
    };
}
