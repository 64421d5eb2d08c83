using System.Collections;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Server;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
try
{
    return await ServerProgram.RunAsync(PlatformSettings.Load(environment), environment);
}
catch (Exception exception) when (exception is SettingsException or StartException or EngineStartException or KeyRingException or DatabaseRefusedException)
{
    await Console.Error.WriteLineAsync($"portico-server: {exception.Message}");
    return ServerProgram.CannotRun;
}
