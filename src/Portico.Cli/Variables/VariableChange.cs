using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Rules;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Variables;

/// <summary>Changes variables of a service, one by one: replacing all of them would turn references into plain values.</summary>
internal sealed class VariableChange(CliHost host, ServerConnection server, ResourceStatus service)
{
    /// <exception cref="CliException">A value is invalid. Nothing was changed.</exception>
    public async Task SetAsync(IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in variables)
            if (Names.ProblemOfEnvValue(value) is { } problem)
                throw new CliException($"The value of {key} is invalid: {problem}.", "Nothing was changed.", ExitCode.Usage);
        foreach (var (key, value) in variables)
            await server.Client.SetVariableAsync(service.Id, key, value, cancellationToken);
        await TellAsync($"Set {string.Join(", ", variables.Keys)} of {service.Name}.", cancellationToken);
    }

    /// <exception cref="CliException">The service has no such variable. Nothing was changed.</exception>
    public async Task UnsetAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var known = (await server.Client.ListVariablesAsync(service.Id, cancellationToken)).Select(item => item.Key).ToList();
        if (keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            throw new CliException(
                $"{service.Name} has no variable {unknown} of its own. Nothing was changed.",
                Suggest.Nearest(unknown, known) is { } nearest ? $"Did you mean `{nearest}`?" : $"`portico env list {service.Name}` lists its variables.");
        foreach (var key in keys.Distinct(StringComparer.Ordinal))
            await server.Client.DeleteVariableAsync(service.Id, key, cancellationToken);
        await TellAsync($"Removed {string.Join(", ", keys)} from {service.Name}.", cancellationToken);
    }

    /// <summary>Says what was done, and when running instances get it.</summary>
    private async Task TellAsync(string done, CancellationToken cancellationToken)
    {
        var now = await server.Client.GetServiceAsync(service.Id, cancellationToken);
        host.Out.WriteLine($"{done} {ChangeEffect.Of(now, "The change is deployed in a few seconds")}");
    }
}
