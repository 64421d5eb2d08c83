using Xunit.Sdk;
using Xunit.v3;

// Platforms share the processor, and failed requests are counted: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
