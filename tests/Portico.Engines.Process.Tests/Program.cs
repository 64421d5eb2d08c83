using Portico.Engines.Process.Tests;
using Portico.Engines.Process.Tests.Network;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (EngineHost.AskedHome is { } home)
{
    await EngineHost.RunAsync(home);
    return 0;
}
if (NetworkHost.AskedHome is { } networkHome)
{
    await NetworkHost.RunAsync(networkHome);
    return 0;
}
return args.Contains("--server")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
