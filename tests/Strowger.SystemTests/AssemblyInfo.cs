// Each test runs several busy processes of its own: one at a time, or two cores would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
