namespace Portico.RenderApi.Tests.Conformance;

/// <summary>
/// Takes the operations of one kind of resource through what they do. Every class that implements it is found and run,
/// each on a server of its own; what must be refused by every operation alike is tried without its help.
/// </summary>
internal interface IScenario
{
    Task RunAsync(RenderClient render);
}
