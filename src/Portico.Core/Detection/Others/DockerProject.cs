using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>A project that only its Dockerfile says how to run.</summary>
internal static class DockerProject
{
    public const string FileName = "Dockerfile";

    public static ServiceProposal? Detect(ProjectDirectory directory) => directory.Has(FileName)
        ? new ServiceProposal
        {
            Framework = FileName,
            Type = ServiceType.WebService,
            Runtime = new Guess("docker", "there is a Dockerfile, and no app was recognized"),
            DockerfilePath = new Guess($"./{FileName}", "there is a file with this name"),
            Notes = ["A Dockerfile needs a container engine, and Portico runs apps without one: use a native runtime such as node or python."],
        }
        : null;
}
